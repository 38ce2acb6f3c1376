import { loadConfig } from '@mapseal/core'
import { connectWith } from '../client.ts'
import type { Command } from '../command.ts'
import { loggerTo } from '../logger.ts'
import { vaultOptions } from '../vault.ts'

export const seal: Command = {
  name: 'seal',
  summary: 'Take the source maps out of folders that any tool built, and deliver them',
  operand: { name: 'dir', isRequired: true, isMany: true },
  options: {
    release: { value: 'NAME', description: 'the name of this version (default: that of the plugin)' },
    ...vaultOptions,
  },
  examples: ['mapseal seal dist', 'mapseal seal "apps/*/dist" --release 1.4.0'],

  async run({ operands, values, isJson }, io) {
    const [release] = values.release ?? []
    const [vault] = values.vault ?? []
    const options = {
      logger: loggerTo(io),
      ...(await loadConfig(io.cwd, values.config?.[0])),
      ...(release !== undefined && { release }),
      ...(vault !== undefined && { vault }),
    }
    const { findFolders, sealFolders } = await import('@mapseal/core/folder')
    const dirs = await findFolders('seal', operands, io.cwd)
    const report = await sealFolders(dirs, options, io.cwd, connectWith(io))
    if (isJson) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    return report.leaks.length > 0 ? 1 : 0
  },
}
