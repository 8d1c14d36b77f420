"""Images and raw data as other people's tools read them, and measures of image quality."""
