import kafkajs, { type Admin } from 'kafkajs'
import type { Slot } from './assign.ts'
import { decodeMember } from './member-data.ts'
import { type PlacementNames, wantedTopic, workersGroup } from './topic.ts'

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol

/** A member of the workers' group, as Kafka tells it. */
export interface PresentMember {
  /** The process: the client ID with which it joined. */
  readonly worker: string
  readonly capacity: number
  /** The slots that it was given; none while the group rebalances. */
  readonly slots: readonly Slot[]
}

/** Who is in the group now. Rejects with what kafkajs throws. */
export const presentMembers = async (admin: Admin, names: PlacementNames): Promise<readonly PresentMember[]> => {
  const { groups } = await admin.describeGroups([workersGroup(names)])
  return (groups[0]?.members ?? []).map(({ clientId, memberMetadata, memberAssignment }) => {
    // Both are empty while the group rebalances.
    const data = memberMetadata.length > 0 ? MemberMetadata.decode(memberMetadata)?.userData : undefined
    const given = memberAssignment.length > 0 ? MemberAssignment.decode(memberAssignment)?.assignment : undefined
    return {
      worker: clientId,
      capacity: decodeMember(data ?? Buffer.alloc(0)).capacity,
      slots: given?.[wantedTopic(names)] ?? [],
    }
  })
}
