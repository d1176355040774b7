import { execFileSync } from 'node:child_process'

/** Process IDs of the browsers that this process has started, and of all their own processes. */
export const browserPids = (): readonly number[] => {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
      return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), name: name ?? '' }]
    })
  const ours = new Set([process.pid])
  for (let before = 0; before < ours.size; ) {
    before = ours.size
    for (const { pid, parent } of rows) if (ours.has(parent)) ours.add(pid)
  }
  return rows.filter(({ pid, name }) => ours.has(pid) && name.startsWith('chrom')).map(({ pid }) => pid)
}
