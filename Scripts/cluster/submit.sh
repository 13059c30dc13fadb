#!/bin/sh
# Runs an evaluation as a Slurm job array and merges its shards when all are done.
#
#   submit.sh SHARDS OUTPUT BENCHMARK [options of 'flexvlm eval', without --output]
#   submit.sh 8 answers.jsonl textvqa --annotations val.json --images train_images
#
# FLEXVLM names the program if it is not on the PATH; SBATCH_OPTIONS adds options for sbatch, such
# as "--partition=long --time=8:00:00 --cpus-per-task=16".
set -eu
if [ $# -lt 3 ] || [ "$1" -lt 2 ]; then
  sed -n 's/^# \{0,1\}//; 4,6p' "$0" >&2
  echo "Two shards or more; 'flexvlm eval' by itself is one." >&2
  exit 64
fi
here=$(cd "$(dirname "$0")" && pwd)
shards=$1 output=$2
shift 2
base=${output%.jsonl}
files=
for shard in $(seq "$shards"); do files="$files $base.$shard-of-$shards.jsonl"; done

# shellcheck disable=SC2086
array=$(sbatch --parsable ${SBATCH_OPTIONS:-} --array="1-$shards" \
  "$here/evaluate.sbatch" "$@" --output "$base.jsonl")
# shellcheck disable=SC2086
merge=$(sbatch --parsable ${SBATCH_OPTIONS:-} --dependency="afterok:$array" \
  --job-name=flexvlm-merge --output=flexvlm-merge-%j.log \
  --wrap "'${FLEXVLM:-flexvlm}' merge $files --output '$base.jsonl'")
echo "job array $array with $shards tasks, then job $merge merges into $base.jsonl"
