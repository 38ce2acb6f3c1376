import { Options } from '@mapseal/core';
export { Artifact, BuildRecord, Bytes, Delivery, DeliveryContext, DeliveryReport, Destination, FileRecord, Logger, Options, Registry, Release, Report, Vault } from '@mapseal/core';

/** Types a `mapseal.config.ts`, which takes the plugin's options. */
declare function defineConfig(options: Options): Options;

export { defineConfig };
