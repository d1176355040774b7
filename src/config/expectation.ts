import type { z } from 'zod'

type Issue = z.core.$ZodRawIssue | z.core.$ZodIssue

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'keys with values',
  record: 'names with values',
  array: 'a list',
  null: 'null',
}

const bound = (issue: {
  readonly minimum?: unknown
  readonly maximum?: unknown
  readonly inclusive?: boolean
}): string => {
  const limit = String(issue.minimum ?? issue.maximum)
  if (issue.minimum !== undefined) return issue.inclusive === false ? `more than ${limit}` : `${limit} or more`
  return issue.inclusive === false ? `less than ${limit}` : `${limit} or less`
}

const size = (issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string => {
  if (issue.origin === 'string')
    return issue.code === 'too_small' && issue.minimum === 1 ? 'text that is not empty' : `${bound(issue)} characters`
  return issue.origin === 'array' ? `${bound(issue)} entries` : bound(issue)
}

/** What would be right, as in `expected …`; null when the issue has a message of its own. */
const expectationOf = (issue: Issue): string | null => {
  switch (issue.code) {
    case 'invalid_type':
      return types[issue.expected as string] ?? issue.expected
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`
    case 'too_small':
    case 'too_big':
      return size(issue as z.core.$ZodIssueTooSmall)
    case 'invalid_union':
      return (
        [
          ...new Set(
            issue.errors.flatMap(([first]) =>
              first ? [expectationOf(first) ?? first.message.replace(/^expected /, '')] : [],
            ),
          ),
        ].join(' or ') || null
      )
    default:
      return null
  }
}

/** Error map for zod: Rollcall's own words for what a schema says nothing else about. */
export const inPlainWords = (issue: z.core.$ZodRawIssue): string | undefined => {
  const expectation = expectationOf(issue)
  return expectation === null ? undefined : `expected ${expectation}`
}

/** The values of which one was expected; null when anything else was. */
export const choicesOf = (issue: Issue): readonly string[] | null => {
  if (issue.code === 'invalid_value') return issue.values.map(String)
  if (issue.code !== 'invalid_union') return null
  const choices = issue.errors.flatMap((alternative) => alternative.flatMap((each) => choicesOf(each) ?? []))
  return choices.length > 0 ? choices : null
}

/** Whether a value of this type would have been right. */
export const expects = (issue: Issue, type: 'string' | 'number' | 'boolean'): boolean => {
  if (issue.code === 'invalid_type')
    return issue.expected === type || (type === 'number' && issue.expected === ('int' as string))
  return (
    issue.code === 'invalid_union' &&
    issue.errors.some((alternative) => alternative.some((each) => expects(each, type)))
  )
}
