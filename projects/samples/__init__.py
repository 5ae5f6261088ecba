"""Sample projects. Each is a bundle: a folder with project.yaml; adding one is adding a folder."""
