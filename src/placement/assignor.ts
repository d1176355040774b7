import kafkajs, { type PartitionAssigner } from 'kafkajs'
import { assign, type Member, type Slot } from './assign.ts'
import { decodeMember, encodeMember, type MemberData } from './member-data.ts'

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

/** What the assignor asks when it is its turn. */
export interface AssignorParts {
  readonly topic: string
  /** This worker, as it is now. Called each time it joins. */
  readonly self: () => MemberData
  /** Whether a camera is wanted in a slot. */
  readonly isUsed: (slot: Slot) => boolean
}

/** Members whose data cannot be read have no name of their own; Kafka's is one. */
const memberOf = (memberId: string, metadata: Buffer): Member => {
  const data = MemberMetadata.decode(metadata)
  const { id, ...rest } = decodeMember(data?.userData ?? Buffer.alloc(0))
  return { ...rest, id: id || memberId }
}

/**
 * The assignor of the workers' consumer group. Slots with cameras and free ones are divided apart, each by capacity, so that every
 * worker has room for cameras that come.
 */
export const placementAssignor =
  ({ topic, self, isUsed }: AssignorParts): PartitionAssigner =>
  ({ cluster }) => ({
    name: 'rollcall-placement',
    version: 1,
    assign: async ({ members }) => {
      const slots = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
      const known = members.map(({ memberId, memberMetadata }) => ({
        memberId,
        member: memberOf(memberId, memberMetadata),
      }))
      const all = known.map(({ member }) => member)
      const [used, free] = [true, false].map((isWanted) =>
        assign(
          all,
          slots.filter((slot) => isUsed(slot) === isWanted),
        ),
      )
      return known.map(({ memberId, member: { id } }) => {
        const assignment = { [topic]: [...(used?.get(id) ?? []), ...(free?.get(id) ?? [])] }
        return {
          memberId,
          memberAssignment: MemberAssignment.encode({ version: 1, assignment, userData: Buffer.alloc(0) }),
        }
      })
    },
    protocol: ({ topics }) => ({
      name: 'rollcall-placement',
      metadata: MemberMetadata.encode({ version: 1, topics, userData: encodeMember(self()) }),
    }),
  })
