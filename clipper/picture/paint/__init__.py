"""Painters: a layer of a template becomes a picture. In: the layer, colours, content; out: `Piece`s."""
