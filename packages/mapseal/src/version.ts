/** The version of the plugin and of what it injects; part of every generated file's name. */
export const version = '0.1.0'
