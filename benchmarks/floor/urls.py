from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("trajectories/<int:pk>/newest/<int:count>/", views.remark_list, name="remark_list"),
    path("trajectories/<int:pk>/new/", views.remark_new, name="remark_new"),
    path("remarks/<int:pk>/", views.remark_detail, name="remark_detail"),
]
