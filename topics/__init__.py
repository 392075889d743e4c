"""Topic files: rules as data. asean.toml is shipped; a data folder may hold its own."""
