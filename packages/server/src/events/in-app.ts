/** Whether a file is the app's own, and not a library's or the engine's. */
export function isOfApp(file: string | undefined): boolean {
  return file !== undefined && !isEngineFile(file) && !/(?:^|[/\\~])node_modules[/\\]/.test(file)
}

/** Frames of the engine have no map. */
function isEngineFile(file: string): boolean {
  return /^(?:node:|internal\/|native$|\[native code\]|<anonymous>|wasm:|eval at )/.test(file) || file.startsWith('<')
}
