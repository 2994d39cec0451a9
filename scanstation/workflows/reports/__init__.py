"""The three reports, exports, trace and the overview."""
