import kafkajs, { type PartitionAssigner } from 'kafkajs'
import { z } from 'zod'

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

const candidate = z.object({ joinedMs: z.number(), ownsSinceMs: z.number().nullable() })
/** What an identity process says of itself when it joins its group; by the clock of its machine. */
export type Candidate = z.infer<typeof candidate>

const saidIn = (data: Buffer): Candidate => {
  try {
    return candidate.parse(JSON.parse(data.toString()))
  } catch {
    return { joinedMs: Number.POSITIVE_INFINITY, ownsSinceMs: null }
  }
}

/** Who has the site: whoever has it already, the newest of several; else who has stood by for longest. */
const elect = <Id>(members: readonly (readonly [Id, Candidate])[]): Id | undefined => {
  const rank = ({ ownsSinceMs, joinedMs }: Candidate): readonly [number, number] => [
    ownsSinceMs ?? Number.NEGATIVE_INFINITY,
    -joinedMs,
  ]
  const [best] = members.toSorted(([, a], [, b]) => {
    const [x, y] = [rank(a), rank(b)]
    return x[0] === y[0] ? y[1] - x[1] : y[0] - x[0]
  })
  return best?.[0]
}

/** The assignor of the group of identity processes: one of them reads, and the others stand by until it is gone. */
export const electing =
  (topic: string, self: () => Candidate): PartitionAssigner =>
  () => ({
    name: 'rollcall-identity',
    version: 1,
    assign: async ({ members }) => {
      const chosen = elect(
        members.map(({ memberId, memberMetadata }) => {
          const userData = MemberMetadata.decode(memberMetadata)?.userData ?? Buffer.alloc(0)
          return [memberId, saidIn(userData)] as const
        }),
      )
      return members.map(({ memberId }) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: 1,
          assignment: memberId === chosen ? { [topic]: [0] } : {},
          userData: Buffer.alloc(0),
        }),
      }))
    },
    protocol: ({ topics }) => ({
      name: 'rollcall-identity',
      metadata: MemberMetadata.encode({ version: 1, topics, userData: Buffer.from(JSON.stringify(self())) }),
    }),
  })
