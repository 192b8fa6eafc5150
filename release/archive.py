#!/usr/bin/env python3
"""Packs a folder: `archive.py FOLDER ARCHIVE` makes a .tar.gz or a .zip, by its name. The same files give the same bytes: sorted, of nobody,
as old as SOURCE_DATE_EPOCH. Python and not tar, because that of macOS and of Windows cannot do this."""

import gzip
import io
import os
import pathlib
import sys
import tarfile
import time
import zipfile


def main(folder, archive):
    folder, epoch = pathlib.Path(folder), int(os.environ["SOURCE_DATE_EPOCH"])
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    entries = [(path.relative_to(folder.parent).as_posix(), path.read_bytes(), 0o755 if path.name == "platc" else 0o644) for path in files]
    (tar if archive.endswith(".tar.gz") else zip_)(archive, entries, epoch)


def tar(archive, entries, epoch):
    with open(archive, "wb") as file, gzip.GzipFile("", "wb", fileobj=file, mtime=epoch) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as target:
            for name, data, mode in entries:
                told = tarfile.TarInfo(name)
                told.size, told.mode, told.mtime = len(data), mode, epoch
                target.addfile(told, io.BytesIO(data))


def zip_(archive, entries, epoch):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data, mode in entries:
            told = zipfile.ZipInfo(name, time.gmtime(epoch)[:6])
            told.compress_type, told.create_system, told.external_attr = zipfile.ZIP_DEFLATED, 3, mode << 16
            target.writestr(told, data)


main(*sys.argv[1:])
