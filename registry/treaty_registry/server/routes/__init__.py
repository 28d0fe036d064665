"""The routes of Confluent's API: each translates a call, asks or decides, and shapes the answer."""
