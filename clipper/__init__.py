"""clipper: a podcast episode in, short promo videos out."""

import os

__version__ = "0.1.0"

# Libraries that would tell their makers of their use are told not to, before any of them is loaded. onnxruntime, which
# finds where somebody speaks, does so from 1.29 on (its Privacy.md); the hub's client and others heed the rest.
for _name in ("ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ[_name] = "1"
