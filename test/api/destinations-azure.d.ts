import { Destination } from '@mapseal/core';

interface AzureOptions {
    /**
     * The container with a shared access signature that may create and write:
     * `https://<account>.blob.core.windows.net/<container>?<signature>`.
     * @default `AZURE_SOURCEMAPS_SAS_URL`
     */
    url?: string;
    /** What stands before each path in the path of its URL. @default none */
    prefix?: string;
}
/**
 * Puts maps into the blob container of Application Insights, which looks for `<path of the script>.map`, whatever the host.
 *
 * Wire format: https://learn.microsoft.com/azure/azure-monitor/app/source-map-support and the "Put Blob" operation. Experimental:
 * there is no other uploader to compare with.
 */
declare function azure(options?: AzureOptions): Destination;

export { azure };
export type { AzureOptions };
