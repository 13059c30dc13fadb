#pragma once
#include <stddef.h>
#include <stdio.h>
// The two above declare what jpeglib.h uses and does not include.
#include <jpeglib.h>
