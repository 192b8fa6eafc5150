# What the long parts have in common that need a world. It is read (`. .ci/long.d/world.sh kubectl …`) with the programs, and files below the tools, that a part
# needs; where one is missing, the part ends with `skipped:`. Out come PLATC, TOOLS, WORLD and HOME_OF_TEST, a folder that is gone at the end, with the world
# in it. WORLD_DIR and WORLD_PORT may be given, so that several run at once.
tools=$PWD/../shared/tools
[ -d "$tools" ] || tools=$PWD/../../shared/tools
for need in world/world.py "$@"; do
  case $need in
    */*) [ -f "$tools/$need" ] || { echo "skipped: ${need##*/} not found"; exit 0; } ;;
    *) command -v "$need" > /dev/null || { echo "skipped: $need not found"; exit 0; } ;;
  esac
done
[ -n "${PLATC:-}" ] || { cargo build --quiet; PLATC=target/debug/platc; }
export HOME_OF_TEST PLATC TOOLS WORLD WORLD_DIR WORLD_PORT
HOME_OF_TEST=$(mktemp -d)
PLATC=$(realpath "$PLATC") TOOLS=$(realpath "$tools") WORLD=$(realpath "$tools/world/world.py")
WORLD_DIR=${WORLD_DIR:-$HOME_OF_TEST/world} WORLD_PORT=${WORLD_PORT:-19400}
# Beside the parts stand no files of Python's.
export PYTHONDONTWRITEBYTECODE=1
trap 'python3 "$WORLD" down > /dev/null 2>&1 || true; rm -rf "$HOME_OF_TEST"' EXIT

# Starts the world; what it says is told only if it does not come up.
up() {
  python3 "$WORLD" up "$@" > "$HOME_OF_TEST/up" 2>&1 || { cat "$HOME_OF_TEST/up"; exit 1; }
}
