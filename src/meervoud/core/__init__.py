"""The arithmetic of Meervoud: no framework, no clock, no input or output."""
