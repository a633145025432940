"""Django helpers that know no word of the field."""
