"""Directories: the files that a manifest lists, or else those that the reader takes, in row order."""

import os

from memmap_spark.manifests import MANIFEST, files_there, read_manifest, table_above
from memmap_spark.partitions import is_partition
from memmap_spark.unlisted import unlisted_files


def files_of(directory, known):
    """Returns the files of a directory in row order, by the column that they are; None is the one of whole rows.

    Each has its path, and what the manifest says of it, or None without one.

    Args:
        known: manifests that were read before, as in :func:`memmap_spark.manifests.table_above`.
    """
    directory = os.path.abspath(directory)
    manifest, files = files_there(lambda: _manifest_of(directory, known), known)
    if manifest is None:
        return {None: unlisted_files(directory)}
    return {
        name: [(os.path.join(manifest.home, shard.name), shard.claims) for shard in shards] for name, shards in files.items()
    }


def _manifest_of(directory, known):
    """The manifest that lists the files of a directory, None if there is none, and the path of the directory from there."""
    own = os.path.lexists(os.path.join(directory, MANIFEST))
    manifest = table_above(directory, known) if not own or is_partition(directory) else None
    below = os.path.relpath(directory, manifest.home) + "/" if manifest else ""
    if own and not (manifest and manifest.lists(below)):
        return read_manifest(directory), ""
    return manifest, below
