// Whether an alert expression had anything to look at: one that reads what was never there stays silent whatever happens.
import type { ExposedName } from '../metrics/exposition.ts'
import type { Selector, Vector } from './promql-tree.ts'
import type { Samples } from './samples.ts'

/** Whether every series that it needs in order to yield something was there at some time. */
export function hadData(
  node: Vector,
  samples: Samples,
  names: ReadonlyMap<string, ExposedName>,
): boolean {
  switch (node.kind) {
    case 'selector':
      return wasThere(node, samples, names.get(node.name)?.eventLabels ?? [])
    case 'absent':
      return true
    case 'match': {
      const left = hadData(node.left, samples, names)
      if (node.operator === 'unless') return left
      const right = hadData(node.right, samples, names)
      return node.operator === 'or' ? left || right : left && right
    }
    default:
      return hadData(node.of, samples, names)
  }
}

/** An event that never came is a finding; so matchers of event labels are left out of account. */
function wasThere(
  { name, matchers }: Selector,
  samples: Samples,
  eventLabels: readonly string[],
): boolean {
  const asked = matchers.filter(({ label }) => !eventLabels.includes(label))
  for (const { labels } of samples.of(name))
    if (asked.every(({ label, accepts }) => accepts(labels[label] ?? ''))) return true
  return false
}
