import { rename, stat, writeFile } from 'node:fs/promises'

/** Writes a file whole: a server of the folder meanwhile sees the old file or the new one. */
export async function replaceFile(file: string, bytes: Buffer): Promise<void> {
  const aside = `${file}.mapseal`
  const mode = await stat(file).then(
    entry => entry.mode,
    () => undefined,
  )
  await writeFile(aside, bytes, mode === undefined ? {} : { mode })
  await rename(aside, file)
}
