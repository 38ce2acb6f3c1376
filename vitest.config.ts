import { defineConfig } from "vitest/config"
export default defineConfig({ resolve: { conditions: ["mapseal-source"] }, ssr: { resolve: { conditions: ["mapseal-source"] } } })
