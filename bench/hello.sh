#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Prints the figures of a single run: wall time of hello, guest instructions from kernel entry
# to the first user instruction, the smallest guest that runs busybox, instructions of a
# getpid loop, throughput of cat. Usage: bench/hello.sh [RUNS] (default 20), after make.
# Instructions are counted under --icount 0, where one TSC tick is one instruction; wall times
# depend on the machine: compare them only with figures of the same machine.
set -eu
cd "$(dirname "$0")/.."
runs=${1:-20}
lstar=build/lstar
out=build/bench
mkdir -p "$out"
[ -x "$lstar" ] || { echo "bench/hello.sh: no $lstar: run make first" >&2; exit 1; }
for program in hello getpid_loop; do
	source=tests/programs/$program.c
	[ -f "$source" ] || source=bench/$program.c
	gcc -O2 -static -o "$out/$program" "$source"
done

# json FILE KEY: a number from the launcher's one-object status file
json() {
	sed -n 's/.*"'"$2"'": *\([0-9.]*\).*/\1/p' "$1" | head -n 1
}

i=0
while [ "$i" -lt "$runs" ]; do
	start=$(date +%s%N)
	"$lstar" run "$out/hello" > /dev/null
	end=$(date +%s%N)
	echo $(((end - start) / 1000))
	i=$((i + 1))
done | sort -n > "$out/wall_us"
awk '{ t[NR] = $1 } END { printf "hello, launcher start to exit: min %.1f ms, median %.1f ms, max %.1f ms of %d runs\n",
	t[1] / 1000, t[int((NR + 1) / 2)] / 1000, t[NR] / 1000, NR }' "$out/wall_us"

"$lstar" run --icount 0 --status-file "$out/status.json" "$out/hello" > /dev/null
entry=$(json "$out/status.json" kernel_entry_tsc)
user=$(json "$out/status.json" user_started_tsc)
echo "kernel entry to first user instruction: $((user - entry)) guest instructions"

low=8 high=64 # megabytes; high must do
"$lstar" run -m "${high}M" busybox true
while [ $((high - low)) -gt 1 ]; do
	middle=$(((low + high) / 2))
	if timeout 20 "$lstar" run -m "${middle}M" busybox true 2> /dev/null; then
		high=$middle
	else
		low=$middle
	fi
done
echo "smallest guest that runs busybox: -m ${high}M"

"$lstar" run --icount 0 "$out/getpid_loop"

head -c 67108864 /dev/urandom > "$out/data"
start=$(date +%s%N)
"$lstar" run busybox cat < "$out/data" > "$out/copy"
end=$(date +%s%N)
cmp "$out/data" "$out/copy"
awk -v ns=$((end - start)) 'BEGIN { printf "cat of 64 MiB: %.2f s, %.0f MiB/s, start included\n", ns / 1e9, 64e9 / ns }'
rm -f "$out/data" "$out/copy"
