import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'

/** Names of a series and its labels that a query uses. Throws on what is no PromQL. */
export const seriesIn = (expr: string): { metrics: string[]; labels: string[] } => {
  // Grafana puts the time in before Prometheus sees it.
  const query = expr.replaceAll('$__rate_interval', '1m')
  const metrics: string[] = []
  const labels: string[] = []
  const text = ({ from, to }: SyntaxNode): string => query.slice(from, to)
  parser.parse(query).iterate({
    enter: ({ node, type }) => {
      if (type.isError) throw new Error(`${expr}: a mistake at ${node.from}`)
      if (type.name === 'VectorSelector' && node.firstChild?.name === 'Identifier') metrics.push(text(node.firstChild))
      if (type.name === 'LabelName') labels.push(text(node))
    },
  })
  return { metrics, labels }
}
