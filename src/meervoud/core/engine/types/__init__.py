"""What goes into the engine and what comes out: frozen data, no behaviour beyond checking itself."""
