/** Counters, gauges and histograms, in the text format of Prometheus 0.0.4. */
export interface Metrics {
  count(name: string, help: string, labels?: Labels, by?: number): void
  /** Reads the value whenever metrics are printed. */
  gauge(name: string, help: string, read: () => number): void
  /** In seconds. */
  observe(name: string, help: string, seconds: number, labels?: Labels): void
  print(): string
}

/** With few values each: every combination is a time series. */
export type Labels = Record<string, string>

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface Histogram {
  labels: Labels
  buckets: number[]
  sum: number
  count: number
}

interface Family {
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  values: Map<string, number>
  histograms: Map<string, Histogram>
  read?: () => number
}

export function createMetrics(): Metrics {
  const families = new Map<string, Family>()

  function family(name: string, help: string, type: Family['type']): Family {
    const found = families.get(name) ?? { help, type, values: new Map(), histograms: new Map() }
    families.set(name, found)
    return found
  }

  return {
    count(name, help, labels = {}, by = 1) {
      const { values } = family(name, help, 'counter')
      const key = printLabels(labels)
      values.set(key, (values.get(key) ?? 0) + by)
    },
    gauge(name, help, read) {
      family(name, help, 'gauge').read = read
    },
    observe(name, help, seconds, labels = {}) {
      const { histograms } = family(name, help, 'histogram')
      const key = printLabels(labels)
      const histogram = histograms.get(key) ?? { labels, buckets: bounds.map(() => 0), sum: 0, count: 0 }
      histograms.set(key, histogram)
      histogram.sum += seconds
      histogram.count++
      for (const [index, bound] of bounds.entries()) {
        if (seconds <= bound) histogram.buckets[index] = (histogram.buckets[index] as number) + 1
      }
    },
    print: () => [...families].map(([name, family]) => printFamily(name, family)).join(''),
  }
}

function printFamily(name: string, { help, type, values, histograms, read }: Family): string {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
  if (read) lines.push(`${name} ${read()}`)
  for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`)
  for (const { labels, buckets, sum, count } of histograms.values()) {
    for (const [index, bound] of bounds.entries()) {
      lines.push(`${name}_bucket${printLabels({ ...labels, le: String(bound) })} ${buckets[index]}`)
    }
    lines.push(`${name}_bucket${printLabels({ ...labels, le: '+Inf' })} ${count}`)
    lines.push(`${name}_sum${printLabels(labels)} ${sum}`, `${name}_count${printLabels(labels)} ${count}`)
  }
  return `${lines.join('\n')}\n`
}

function printLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
