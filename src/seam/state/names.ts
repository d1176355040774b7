/** `rollcall.state.v1.SITE`. */
export const stateTopicName = ({ topicPrefix }: { readonly topicPrefix: string }, site: string): string =>
  `${topicPrefix}state.v1.${site}`
