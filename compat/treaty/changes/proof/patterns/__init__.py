"""Regular expressions of JSON Schema (ECMA-262): what they match, which contains which, and short matches."""
