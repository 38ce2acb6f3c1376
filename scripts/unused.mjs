/** Stands for packages that unplugin imports for hooks that Mapseal does not have (see the configuration of tsup). */
export default function unused() {
  throw new Error('Mapseal is built without what unplugin needs for hooks of a module.')
}
