public struct RGBImage {}
