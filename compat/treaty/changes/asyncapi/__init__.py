"""What changed between two AsyncAPI documents of any version, by what peers send and receive."""
