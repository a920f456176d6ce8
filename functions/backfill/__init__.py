"""Back-fill: walks over a store's customers after a change of its segments."""
