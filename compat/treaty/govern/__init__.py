"""Whether a change is allowed: versions, compatibility modes, lifecycle, frozen elements, lint, waivers."""
