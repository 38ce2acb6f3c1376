import { rename, rm, stat, writeFile } from 'node:fs/promises'

/** Writes a file whole: a server of the folder meanwhile sees the old file or the new one. */
export async function replaceFile(file: string, bytes: Buffer): Promise<void> {
  const aside = `${file}.mapseal`
  const mode = await stat(file).then(
    entry => entry.mode,
    () => undefined,
  )
  // A killed run may have left one that is as little to be written as the file itself.
  await rm(aside, { force: true })
  try {
    await writeFile(aside, bytes, mode === undefined ? {} : { mode })
    await rename(aside, file)
  } catch (cause) {
    await rm(aside, { force: true })
    throw cause
  }
}
