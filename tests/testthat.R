library(testthat)
library(flowresil)

test_check("flowresil")
