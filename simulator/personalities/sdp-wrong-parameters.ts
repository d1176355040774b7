import { parameterSets, splitNals } from '../annex-b.ts'
import { pcmLoop } from '../footage/pcm-loop.ts'
import type { Loop } from '../loop.ts'
import type { Personality } from '../personality.ts'
import { replaced } from '../quirks/sdp.ts'

const setsOf = ({ units: [first] }: Loop): string => {
  const { sps, pps } = parameterSets('h264', splitNals(first.data))
  return [...sps, ...pps].map((nal) => Buffer.from(nal).toString('base64')).join(',')
}

/** Those before each key frame are right, and count. */
export const personality: Personality = {
  kind: 'sdp',
  does: 'tells the parameter sets of another picture in its description',
  expect: 'picture',
  quirks: {
    sdp: replaced(
      /sprop-parameter-sets=.*/,
      `sprop-parameter-sets=${setsOf(pcmLoop({ width: 640, height: 352, frames: 1 }))}`,
    ),
  },
}
