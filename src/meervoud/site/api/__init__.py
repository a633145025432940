"""The API that programs read: what everybody may see, and with a key what its person may see."""
