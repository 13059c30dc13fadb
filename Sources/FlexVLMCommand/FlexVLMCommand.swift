@main enum FlexVLMCommand { static func main() {} }
