/// The page at `/`.
package let pageBytes = PackageResources.page_html
