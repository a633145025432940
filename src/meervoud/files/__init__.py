"""Files in, files out: readers, writers, the printed report and the texts of the command."""
