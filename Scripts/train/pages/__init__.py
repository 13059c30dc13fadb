"""Training pages: templates filled with random content, drawn by real renderers, which say where everything is."""
