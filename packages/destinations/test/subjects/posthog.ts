import { partOf, vendorSubject } from '../../src/contract/index.ts'
import { posthog } from '../../src/posthog.ts'

const magic = 'posthog_error_tracking'

export const subject = vendorSubject({
  create: ({ origin, secret = 'a-key' }) => posthog({ projectId: '7', personalApiKey: secret, url: origin }),
  mapOf(request) {
    const file = partOf(request, 'file')
    if (!file) return undefined
    const code = Number(file.readBigUInt64LE(magic.length + 8))
    return file.subarray(magic.length + 24 + code)
  },
  answer({ path, body }, origin) {
    if (!path.endsWith('/bulk_start_upload')) return {}
    const { symbol_sets } = JSON.parse(body.toString()) as { symbol_sets: { chunk_id: string }[] }
    const place = (id: string) => ({ url: `${origin}/storage/${id}`, fields: { key: id, policy: 'a-policy' } })
    return {
      id_map: Object.fromEntries(
        symbol_sets.map(({ chunk_id }) => [
          chunk_id,
          { symbol_set_id: `s-${chunk_id}`, presigned_url: place(chunk_id) },
        ]),
      ),
    }
  },
  without: { 'partial failure then resume': 'it sends a batch at a time' },
})
