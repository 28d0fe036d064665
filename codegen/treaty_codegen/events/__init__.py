"""Event classes, producers and consumers from AsyncAPI and Avro."""
