"""Registries outside the province: asked for a draft, recorded, behind the prefill port."""
