"""What a scanned or imported code is."""
