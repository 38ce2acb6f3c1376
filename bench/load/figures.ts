/** `n 12000  p50 3.1 ms  p99 21.7 ms  most 40.2 ms` */
export function summarize(times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1)
  return `n ${sorted.length}  p50 ${at(0.5)} ms  p99 ${at(0.99)} ms  most ${at(1)} ms`
}
