"""The languages of the interface: bokmål first, nynorsk, English."""
